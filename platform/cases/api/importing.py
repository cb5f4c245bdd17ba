"""Import over HTTP: uploads in pieces, the preview and its corrections, confirmation. One sees one's own only."""

from __future__ import annotations

from typing import IO, Any

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from cases.api.import_serializers import (
    CorrectionsSerializer,
    ImportDetailSerializer,
    ImportSerializer,
    ImportStartSerializer,
    UploadAnnouncementSerializer,
    UploadSerializer,
)
from cases.importing import deliveries, uploads
from cases.models import Import, Upload
from core.api import current_user
from core.errors import DomainError

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


class MayImport(BasePermission):
    """Leads and site administrators."""

    message = "Only leads and administrators import cases."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Tell whether the caller may import at all."""
        return deliveries.may_import(current_user(request))


class PieceParser(BaseParser):
    """The raw bytes of a piece of a file, never more than one piece may hold."""

    media_type = "application/octet-stream"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the bytes; DomainError when the piece is too large."""
        content = bytes(stream.read(settings.UPLOAD_CHUNK_BYTES + 1))
        if len(content) > settings.UPLOAD_CHUNK_BYTES:
            raise DomainError(f"Send at most {settings.UPLOAD_CHUNK_BYTES} bytes at a time.")
        return content


class ImportViewSet(ReadOnlyModelViewSet[Import]):
    """The caller's imports, from the first byte to the cases."""

    queryset = Import.objects.none()
    permission_classes = [IsAuthenticated, MayImport]
    lookup_value_regex = UUID

    def get_queryset(self) -> QuerySet[Import]:
        rows = Import.objects.visible_to(current_user(self.request)).select_related("centre", "scheme", "owner")
        return rows if self.action == "list" else rows.prefetch_related("uploads")

    def get_serializer_class(self) -> Any:
        return ImportSerializer if self.action == "list" else ImportDetailSerializer

    @extend_schema(request=ImportStartSerializer, responses={201: ImportDetailSerializer})
    def create(self, request: Request) -> Response:
        """Open an import. The centre is the caller's own when it is left out."""
        form = ImportStartSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        delivery = deliveries.start(owner=current_user(request), **form.validated_data)
        return Response(ImportDetailSerializer(delivery).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=UploadAnnouncementSerializer, responses={201: UploadSerializer})
    @action(detail=True, methods=["post"], url_path="uploads")
    def announce(self, request: Request, pk: str) -> Response:
        """Announce a file. Announcing it again tells how much of it has arrived."""
        form = UploadAnnouncementSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        upload = uploads.announce(delivery=self.get_object(), **form.validated_data)
        return Response(UploadSerializer(upload).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={202: ImportDetailSerializer})
    @action(detail=True, methods=["post"])
    def parse(self, request: Request, pk: str) -> Response:
        """Have a worker read and recognise what has arrived."""
        deliveries.parse(delivery=self.get_object())
        return self._answer(status.HTTP_202_ACCEPTED)

    @extend_schema(request=CorrectionsSerializer, responses=ImportDetailSerializer)
    @action(detail=True, methods=["patch"], url_path="rows")
    def correct(self, request: Request, pk: str) -> Response:
        """Correct rows of the preview, or the label scheme; all rows are checked again."""
        form = CorrectionsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        deliveries.correct(
            delivery=self.get_object(),
            corrections=form.validated_data["rows"],
            scheme=form.validated_data.get("scheme"),
        )
        return self._answer(status.HTTP_200_OK)

    @extend_schema(request=None, responses={202: ImportDetailSerializer})
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Have a worker store the included rows as cases."""
        deliveries.confirm(delivery=self.get_object())
        return self._answer(status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=ImportDetailSerializer)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        """Give the import up; what was staged is removed at once."""
        deliveries.discard(delivery=self.get_object(), by=current_user(request))
        return self._answer(status.HTTP_200_OK)

    def _answer(self, code: int) -> Response:
        return Response(ImportDetailSerializer(self.get_object()).data, status=code)


OFFSET = OpenApiParameter("Upload-Offset", int, OpenApiParameter.HEADER, required=True)
PIECE = extend_schema(
    request={"application/octet-stream": OpenApiTypes.BINARY}, parameters=[OFFSET], responses=UploadSerializer
)


class UploadViewSet(GenericViewSet[Upload]):
    """Files on their way. GET and HEAD tell how much has arrived, so that a sender can go on after a break."""

    queryset = Upload.objects.none()
    serializer_class = UploadSerializer
    permission_classes = [IsAuthenticated, MayImport]
    lookup_value_regex = UUID

    def get_queryset(self) -> QuerySet[Upload]:
        return Upload.objects.visible_to(current_user(self.request)).select_related("delivery")

    def get_parsers(self) -> list[BaseParser]:
        """Pieces are raw bytes; nothing else is sent here."""
        return [PieceParser()]

    def retrieve(self, request: Request, pk: str) -> Response:
        """Tell how much has arrived, also as the headers Upload-Offset and Upload-Length."""
        return self._answer(self.get_object())

    @PIECE
    def partial_update(self, request: Request, pk: str) -> Response:
        """Send the piece that starts at byte Upload-Offset; 409 with `received` when another byte is waited for."""
        return self._receive(request)

    @PIECE
    def update(self, request: Request, pk: str) -> Response:
        """The same as PATCH."""
        return self._receive(request)

    def destroy(self, request: Request, pk: str) -> Response:
        """Take the file back."""
        uploads.withdraw(upload=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _receive(self, request: Request) -> Response:
        upload = self.get_object()
        offset = request.headers.get("Upload-Offset", "")
        if not (offset.isascii() and offset.isdigit() and len(offset) < 19):
            raise DomainError("Say in the header Upload-Offset at which byte this piece starts.")
        content = request.data if isinstance(request.data, bytes) else b""
        return self._answer(uploads.receive(upload=upload, offset=int(offset), content=content))

    def _answer(self, upload: Upload) -> Response:
        headers = {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.size)}
        return Response(UploadSerializer(upload).data, headers={**headers, "Cache-Control": "no-store"})


router = SimpleRouter()
router.register("imports", ImportViewSet, basename="import")
router.register("uploads", UploadViewSet, basename="upload")
